from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0008_prompt_past')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField(unique=True)),
                ('off', ReadableJSONField(default=list)),
                ('work', ReadableJSONField(default=list)),
                ('source', fields.CharField(default='', max_length=200)),
                ('dated', fields.DateField(null=True)),
                ('imported_at', UtcDatetimeField()),
                ('imported_by', fields.CharField(max_length=80)),
            ],
            options={'table': 'calendar_year', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Street',
            fields=[
                ('code', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('name', fields.CharField(max_length=40)),
                ('district', fields.CharField(default='', max_length=80)),
                ('source', fields.CharField(default='', max_length=200)),
                ('dated', fields.DateField(null=True)),
            ],
            options={'table': 'street', 'app': 'models', 'pk_attr': 'code'},
            bases=['Model'],
        ),
    ]
