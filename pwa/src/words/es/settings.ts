export const settings = {
  title: 'Ajustes',
  text: 'Solo valen para este dispositivo.',
  language: 'Idioma',
  ofDevice: 'El que pide el navegador',
  lists: 'Listas',
  threads: 'Mostrar conversaciones',
  threadsText: 'Los mensajes que se responden entre sí forman una sola fila y se abren juntos.',
  swipes: 'Deslizar un mensaje',
  swipesText:
    'Lo que hace un deslizamiento se puede deshacer. Si mantienes el dedo sobre un mensaje, se selecciona.',
  swipeRight: 'Hacia la derecha',
  swipeLeft: 'Hacia la izquierda',
  actions: {
    archive: 'Archivar',
    trash: 'Mover a la papelera',
    read: 'Marcar como leído o no leído',
    star: 'Destacar o dejar de destacar',
    nothing: 'Nada',
  },
  notHere: 'Esta cuenta no tiene ninguna carpeta así.',
  keysText: 'Pulsa ? en una lista para verlos todos.',
};
